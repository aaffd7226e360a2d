"""Measures scikit-learn and faiss, one JSON line a call.

    peer.py PEER FILE BATCH SECONDS     PEER is scikit-learn, faiss, or faiss-blas, which is faiss
                                        with products by BLAS from the first query on

FILE holds 150,000 rows and 256 queries of 230 columns, float32. The five nearest rows of so many
queries are sought together. Times are milliseconds per query; cpu is processor time of the whole
process, wall is the clock.
"""

import json
import sys
import time

import numpy as np

ROWS, COLUMNS, K = 150_000, 230, 5


def searcher(peer, rows):
    """What finds the neighbours of some queries, and its name."""
    if peer == "scikit-learn":
        import sklearn
        from sklearn.neighbors import KNeighborsClassifier
        model = KNeighborsClassifier(n_neighbors=K, algorithm="brute").fit(rows, np.arange(len(rows)) % 6)
        return model.predict, f"scikit-learn {sklearn.__version__}"
    import faiss
    faiss.omp_set_num_threads(1)
    if peer == "faiss-blas":
        faiss.cvar.distance_compute_blas_threshold = 1
    index = faiss.IndexFlatL2(COLUMNS)
    index.add(rows)
    return lambda q: index.search(q, K), f"{peer} {faiss.__version__}"


def main(peer, file, batch, seconds):
    data = np.fromfile(file, np.float32).reshape(-1, COLUMNS)
    batch, queries = int(batch), data[ROWS:]
    search, name = searcher(peer, np.ascontiguousarray(data[:ROWS]))
    cpu, wall, at = [], [], 0
    search(queries[:batch])
    end = time.perf_counter() + float(seconds)
    while len(wall) < 5 or time.perf_counter() < end:
        w, c = time.perf_counter(), time.process_time()
        search(queries[at:at + batch])
        cpu.append((time.process_time() - c) * 1e3 / batch)
        wall.append((time.perf_counter() - w) * 1e3 / batch)
        at = (at + batch) % len(queries)
    cpu.sort()
    wall.sort()
    print(json.dumps({"peer": name, "cpu_best": cpu[0], "cpu_median": cpu[len(cpu) // 2],
                      "wall_best": wall[0], "wall_median": wall[len(wall) // 2], "calls": len(wall)}), flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
