"""The child process that draws; run as a file, so that it imports neither Django nor modeler.

Arguments: engine (``dot`` or ``pygraphviz``), output format, megabytes, seconds of processor
time. Standard input and output carry blocks: eight bytes of length, then the data.
"""

import subprocess
import sys
import warnings


def limit(megabytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's time limit stays
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def draw(engine: str, source: bytes, output: str) -> bytes:
    if engine == "pygraphviz":
        import pygraphviz

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pygraphviz.AGraph(string=source.decode()).draw(format=output, prog="dot")
    try:
        import graphviz
    except ImportError:
        return subprocess.run(
            ["dot", f"-T{output}"], input=source, capture_output=True, check=True
        ).stdout
    return graphviz.pipe("dot", output, source, quiet=True)


def main() -> int:
    engine, output = sys.argv[1:3]
    limit(int(sys.argv[3]), int(sys.argv[4]))
    stream = sys.stdin.buffer
    while prefix := stream.read(8):
        try:
            drawing = draw(engine, stream.read(int.from_bytes(prefix, "big")), output)
        except subprocess.CalledProcessError as error:
            print((error.stderr or b"").decode(errors="replace").strip() or error, file=sys.stderr)
            return 1
        sys.stdout.buffer.write(len(drawing).to_bytes(8, "big") + drawing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
