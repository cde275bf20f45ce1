"""Layers of networks, by PyTorch and by us; `libraries.py` tells what a way is.

Of input, weights and gradient to the output a way gets those two from which the third is computed: see `cases.Layer`. PyTorch
has them beforehand in the layout that the way is named for, and computes gradients by the call that autograd makes.
"""

from libraries import module, own, torch, way

nn = module("faltung.nn")


def by_torch(layout):
    """All arrays in this layout of memory."""

    def make(case, first, second, threads):
        if torch is None:
            return None
        kind, given = torch.from_numpy(first).dtype, iter((first, own(case, second)))

        def ready(name, shape):
            # Not `contiguous`: one channel is already in both layouts, and would be taken for the plain one.
            made = torch.empty(shape, dtype=kind, memory_format=getattr(torch, layout))
            return made.zero_() if name == case.wanted else made.copy_(torch.from_numpy(next(given)))

        x, w, gy = (ready(*item) for item in case.shapes.items())
        if case.wanted == "output":
            return lambda: torch.nn.functional.conv2d(x, w, None, case.stride, case.pad, case.dilation, case.groups)
        mask = [case.wanted == "input", case.wanted == "weight", False]
        options = [case.stride] * 2, [case.pad] * 2, [case.dilation] * 2, False, [0, 0], case.groups, mask
        backward, at = torch.ops.aten.convolution_backward, mask.index(True)
        return lambda: backward(gy, x, w, None, *options)[at]

    return make


way("torch.conv2d", "layer")(by_torch("contiguous_format"))
way("torch.conv2d, channels last", "layer")(by_torch("channels_last"))


@way("faltung", "layer")
def _(case, first, second, threads):
    if nn is None:
        return None
    second = own(case, second)
    options = {"stride": case.stride, "padding": case.pad, "dilation": case.dilation, "groups": case.groups}
    match case.wanted:
        case "input":
            return lambda: nn.conv2d_input(case.shape, first, second, **options)
        case "weight":
            return lambda: nn.conv2d_weight(first, case.kernel, second, **options)
    return lambda: nn.conv2d(first, second, **options)
