"""Writes reports until it is killed, from four threads; prints each id when, and only when, it was saved."""

import sys
from threading import Thread

from tests.review.reports import a_report

from groundwire.review import SqlStore


def main(url: str, prefix: str) -> None:
    store = SqlStore(url)

    def write(thread: int) -> None:
        number = 0
        while True:
            report = a_report(f"{prefix}-{thread}-{number}", answer=f"Answer {number}. " * 50)
            store.save(report)
            sys.stdout.write(report.id + "\n")
            sys.stdout.flush()
            number += 1

    for thread in range(4):
        Thread(target=write, args=(thread,)).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
