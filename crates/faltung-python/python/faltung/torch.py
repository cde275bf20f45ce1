"""Layers of this package as modules of PyTorch.

>>> import torch
>>> from faltung.torch import Conv2d
>>> layer = Conv2d(3, 8, 3, padding=1)
>>> layer(torch.zeros(1, 3, 5, 5)).shape
torch.Size([1, 8, 5, 5])

`Conv2d` is a `torch.nn.Conv2d` with the same parameters, names and state, whose output and gradients `faltung.nn` computes: on
the CPU, in float32 or float64. Gradients of gradients are not there. Needs PyTorch.
"""

from typing import Any

import torch
from torch.autograd.function import once_differentiable

from . import nn

__all__ = ["Conv2d"]


class _Conv2d(torch.autograd.Function):
    """A layer that PyTorch can differentiate, by the functions of `faltung.nn`."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, w: torch.Tensor, b: torch.Tensor | None, options: dict[str, Any]
    ) -> torch.Tensor:
        ctx.save_for_backward(x, w)
        ctx.options = options
        bias = None if b is None else b.detach().numpy()
        return torch.from_numpy(nn.conv2d(x.detach().numpy(), w.detach().numpy(), bias, **options))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gy: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, w = (tensor.detach().numpy() for tensor in ctx.saved_tensors)
        gradient = gy.detach().numpy()
        gx = gw = gb = None
        if ctx.needs_input_grad[0]:
            gx = torch.from_numpy(nn.conv2d_input(x.shape, w, gradient, **ctx.options))
        if ctx.needs_input_grad[1]:
            gw = torch.from_numpy(nn.conv2d_weight(x, w.shape, gradient, **ctx.options))
        if ctx.needs_input_grad[2]:
            gb = gy.sum(dim=[axis for axis in range(gy.dim()) if axis != gy.dim() - 3])
        return gx, gw, gb, None


class Conv2d(torch.nn.Conv2d):
    """A `torch.nn.Conv2d`, computed by `faltung.nn`. Arguments, parameters and state are the same."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        if input.device.type != "cpu":
            raise ValueError(f"the input is on {input.device}: this layer is computed on the CPU, move it by .cpu()")
        options = dict(
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self.groups,
            padding_mode=self.padding_mode,
        )
        output: torch.Tensor = _Conv2d.apply(input, self.weight, self.bias, options)
        return output
