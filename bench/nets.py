#!/usr/bin/env python3
"""Our nets against ONNX Runtime on the same weights, in one sitting; see README.md.

Every contestant is a process of its own that stays alive: ONNX Runtime's flushing of denormals is
fixed by the first session of a process. They take turns, a few runs each, for many rounds, so that
whatever else the machine does falls on all of them. Each round keeps every run's wall time and the
processor time of all the process's threads together (which a busy machine disturbs far less).
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "models"))
sys.dont_write_bytecode = True
import convert  # noqa: E402

# net as bench_nets calls it, model, input shape, runs in a round
CASES = [
    ("mobilefacenet", "mobilefacenet", (3, 112, 112), 10),
    ("centerface-640x480", "centerface", (3, 480, 640), 2),
    ("landmarks68", "landmarks68", (1, 64, 64), 25),
    ("minifasnet", "minifasnet", (3, 128, 128), 20),
]
# What the project promises: processor time on one thread, ours over ONNX Runtime's, at most.
PROMISED = {"mobilefacenet": 0.55, "centerface-640x480": 1.1}


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--packages", type=pathlib.Path, help="folder that already holds the two archives")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--kernels", default="best", help="best, avx512, avx2+fma or scalar")
    options.add_argument("--dry", action="store_true", help="do not write a record")
    options.add_argument("--onnxruntime", nargs=3, metavar=("FILE", "SHAPE", "THREADS"), help=argparse.SUPPRESS)
    options = options.parse_args()
    if options.onnxruntime:
        return serve_onnxruntime(*options.onnxruntime)

    build = ["cargo", "build", "--release", "-q", "-p", "faceward-nets", "--example", "bench_nets"]
    subprocess.run(build, cwd=ROOT, check=True)
    metadata = subprocess.run(["cargo", "metadata", "--format-version=1", "--no-deps"], cwd=ROOT, check=True,
                              capture_output=True).stdout
    program = pathlib.Path(json.loads(metadata)["target_directory"]) / "release/examples/bench_nets"

    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for net, model, shape, runs in CASES:
            file = folder / f"{model}.onnx"
            file.write_bytes(published(convert.MODELS[model], options.packages or folder))
            for threads in (1, 2):
                rows += compete({
                    "faceward": [program, net, str(threads), options.kernels],
                    "onnxruntime": [sys.executable, __file__, "--onnxruntime", file, json.dumps(shape), str(threads)],
                }, net, threads, runs, options.rounds)
    summary = summarise(rows)
    report(summary)
    if not options.dry:
        record(options, rows, summary)


def published(model, folder):
    """The published weights as a file that ONNX Runtime may optimise freely and feed any size."""
    import onnx

    graph = (loaded := onnx.load_from_string(convert.original(model, folder))).graph
    constants = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in constants]
    del graph.input[:]
    graph.input.extend(inputs)
    dimensions = graph.input[0].type.tensor_type.shape.dim
    for at, name in ((0, "n"), (2, "h"), (3, "w")):
        dimensions[at].dim_param = name
    for output in graph.output:
        output.type.tensor_type.ClearField("shape")
    return loaded.SerializeToString()


def serve_onnxruntime(file, shape, threads):
    """Answers each number on standard input with the seconds of as many runs."""
    import numpy
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(threads)
    options.log_severity_level = 3
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    shape = json.loads(shape)
    pixels = numpy.random.default_rng(1).integers(0, 256, (1, *shape)).astype(numpy.float32)
    scale = {(3, 112, 112): lambda x: (x - 127.5) / 128, (1, 64, 64): lambda x: x / 256}
    feed = {session.get_inputs()[0].name: scale.get(tuple(shape), lambda x: x)(pixels)}
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            start = time.perf_counter()
            session.run(None, feed)
            seconds.append(time.perf_counter() - start)
        print(*(f"{value:.7f}" for value in seconds), flush=True)


def compete(contestants, net, threads, runs, rounds):
    """Rounds of all contestants in turn; each row is one contestant's part of one round."""
    processes = {name: subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
                 for name, command in contestants.items()}
    rows = []
    for number in range(-1, rounds):  # the first warms up
        for name in sorted(processes, reverse=number % 2 == 1):
            process = processes[name]
            before = processor_seconds(process.pid)
            print(runs, file=process.stdin, flush=True)
            wall = [float(word) for word in process.stdout.readline().split()]
            used = processor_seconds(process.pid) - before
            if number >= 0:
                rows.append({"net": net, "threads": threads, "who": name, "round": number, "wall": wall,
                             "processor": round(used / runs, 7)})
    for process in processes.values():
        process.stdin.close()
        process.wait()
    return rows


def processor_seconds(pid):
    """Processor time of all threads of a process, to the nanosecond while it waits for us."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        total += int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
    return total / 1e9


def summarise(rows):
    summary = []
    for net, threads in dict.fromkeys((row["net"], row["threads"]) for row in rows):
        entry = {"net": net, "threads": threads}
        for who in ("faceward", "onnxruntime"):
            own = [row for row in rows if (row["net"], row["threads"], row["who"]) == (net, threads, who)]
            wall = [value for row in own for value in row["wall"]]
            entry[who] = {
                "wall_least_ms": round(min(wall) * 1e3, 3),
                "wall_median_ms": round(statistics.median(wall) * 1e3, 3),
                "processor_median_ms": round(statistics.median(row["processor"] for row in own) * 1e3, 3),
            }
        for measure in ("wall_least", "wall_median", "processor_median"):
            ours, theirs = (entry[who][f"{measure}_ms"] for who in ("faceward", "onnxruntime"))
            entry[f"ratio_{measure}"] = round(ours / theirs, 3)
        if threads == 1 and net in PROMISED:
            entry["promised"] = PROMISED[net]
            entry["kept"] = entry["ratio_processor_median"] <= PROMISED[net]
        summary.append(entry)
    return summary


def report(summary):
    print(f"{'net':20} threads {'faceward':>22} {'onnxruntime':>24}   ratio: least, median, processor")
    for entry in summary:
        times = ["{wall_least_ms:8.2f} {wall_median_ms:8.2f} {processor_median_ms:8.2f}".format(**entry[who])
                 for who in ("faceward", "onnxruntime")]
        ratios = " ".join(f"{entry[f'ratio_{m}']:6.2f}" for m in ("wall_least", "wall_median", "processor_median"))
        promise = f"  promised {entry['promised']}: {'kept' if entry['kept'] else 'MISSED'}" if "promised" in entry else ""
        print(f"{entry['net']:20} {entry['threads']:4} {times[0]} {times[1]}   {ratios}{promise}")
    print("milliseconds: least and median wall time of a run, median processor time")


def record(options, rows, summary):
    import onnxruntime

    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    made = time.strftime("%Y-%m-%dT%H%MZ", time.gmtime())
    out = ROOT / "bench/runs" / f"{made}-nets.json"
    out.parent.mkdir(exist_ok=True)
    head = {"made": made, "commit": commit.strip(), "processor": model, "cores": os.cpu_count(),
            "load_average": os.getloadavg(), "kernels": options.kernels, "onnxruntime": onnxruntime.__version__,
            "rustc": subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.strip()}
    text = [f'"{key}": {json.dumps(value)}' for key, value in head.items()]
    for key, entries in (("summary", summary), ("rows", rows)):
        text.append(f'"{key}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]")
    out.write_text("{\n" + ",\n".join(text) + "\n}\n")
    print(f"recorded in {out.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
