"""Saves a number of reports, from eight threads, as a busy process of a gateway does."""

import sys
from concurrent.futures import ThreadPoolExecutor

from tests.review.reports import a_report

from groundwire.review import SqlStore


def main(url: str, prefix: str, count: int) -> None:
    store = SqlStore(url)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: store.save(a_report(f"{prefix}-{number}")), range(count)))
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
