"""The child process that draws; run as a file, so that it imports neither Django nor modeler.

Arguments: who draws (``dot`` or ``pygraphviz``), output format, megabytes, seconds of processor
time, Graphviz's layout engine. Standard input and output carry blocks: eight bytes of length, then
the data.
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


def draw(engine: str, source: bytes, output: str, layout: str) -> bytes:
    if engine == "pygraphviz":
        import pygraphviz

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pygraphviz.AGraph(string=source.decode()).draw(format=output, prog=layout)
    try:
        import graphviz
    except ImportError:
        graphviz = None
    if graphviz is not None and layout in graphviz.ENGINES:
        return graphviz.pipe(layout, output, source, quiet=True)
    command = ["dot", f"-K{layout}", f"-T{output}"]
    return subprocess.run(command, input=source, capture_output=True, check=True).stdout


def main() -> int:
    engine, output = sys.argv[1:3]
    limit(int(sys.argv[3]), int(sys.argv[4]))
    stream = sys.stdin.buffer
    while prefix := stream.read(8):
        try:
            source = stream.read(int.from_bytes(prefix, "big"))
            drawing = draw(engine, source, output, sys.argv[5])
        except subprocess.CalledProcessError as error:
            print((error.stderr or b"").decode(errors="replace").strip() or error, file=sys.stderr)
            return 1
        sys.stdout.buffer.write(len(drawing).to_bytes(8, "big") + drawing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
