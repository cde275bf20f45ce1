"""Writes training.txt: three steps of training by PyTorch, of a small net that `crates/faltung-train/tests/pytorch.rs` builds, too.

    python3 -m venv venv && venv/bin/pip install numpy torch
    venv/bin/python golden/training.py > golden/training.txt

Pictures, labels and first weights follow from formulas, which stand here and there. For each optimiser there is a line with the mean loss
of each step, before it is done, and a line with all parameters after the last, layer by layer.
"""

import torch

torch.set_default_dtype(torch.float64)
PICTURES, SIDE, CLASSES, STEPS = 5, 8, 3, 3
MEAN, DEVIATION = 0.5, 0.25


def scattered(index, salt):
    return ((index * 37 + salt * 11) % 101) / 101


def net():
    made = torch.nn.Sequential(
        torch.nn.Conv2d(1, 3, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(3, 4, (3, 2), stride=(1, 2)),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(16, CLASSES),
    )
    index = 0
    for parameter in made.parameters():
        flat = [scattered(index + k, 3) - 0.5 for k in range(parameter.numel())]
        parameter.data = torch.tensor(flat).reshape(parameter.shape)
        index += parameter.numel()
    return made


def main():
    pixels = [int(scattered(index, 7) * 256) for index in range(PICTURES * SIDE * SIDE)]
    pictures = torch.tensor(pixels, dtype=torch.float64).reshape(PICTURES, 1, SIDE, SIDE)
    pictures = (pictures / 255 - MEAN) / DEVIATION
    labels = torch.tensor([index % CLASSES for index in range(PICTURES)])
    optimisers = {
        "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.05, momentum=0.9, weight_decay=0.01),
        "adamw": lambda parameters: torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.01),
    }
    for name, make in optimisers.items():
        made = net()
        optimiser = make(made.parameters())
        losses = []
        for _ in range(STEPS):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(made(pictures), labels)
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        print(name, "losses", *(f"{loss:.9f}" for loss in losses))
        print(name, "parameters", *(f"{value:.9f}" for p in made.parameters() for value in p.flatten().tolist()))


main()
