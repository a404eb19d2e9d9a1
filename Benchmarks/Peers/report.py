"""Tables of what was measured."""

import datetime
import os
import platform
import statistics
from dataclasses import dataclass

from environment import processor

LOCKSTEP = "Lockstep"


@dataclass
class Comparison:
    """One workload with one number of threads: samples a second by title, a number a round; Lockstep's among them."""

    workload: object
    threads: int
    rates: dict
    problems: dict
    # Turns during which other processes worked, in spite of repetitions.
    disturbed: int

    def ratios(self, title):
        """Lockstep's speed divided by a peer's, round by round."""
        return [own / other for own, other in zip(self.rates[LOCKSTEP], self.rates[title])]

    @property
    def heading(self):
        return f"{self.workload.name}, {self.threads} thread{'s' if self.threads > 1 else ''}: {self.workload.title}"

    def rows(self):
        """Title, median, spread, ratio, spread of the ratio: the fastest first."""
        rows = []
        for title, rates in sorted(self.rates.items(), key=lambda item: -statistics.median(item[1])):
            row = [title, f"{statistics.median(rates):,.0f}", f"{min(rates):,.0f}–{max(rates):,.0f}"]
            if title == LOCKSTEP:
                row += ["1", ""]
            else:
                ratios = self.ratios(title)
                row += [f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f}–{max(ratios):.2f}"]
            rows.append(row)
        return rows

    def summary(self, stock):
        """Lockstep against the best peer and against stock PyTorch."""
        others = [title for title in self.rates if title != LOCKSTEP]
        if not others:
            return []
        best = max(others, key=lambda title: statistics.median(self.rates[title]))
        lines = [f"best peer: {best}, Lockstep ÷ it {statistics.median(self.ratios(best)):.2f}"]
        if stock in self.rates:
            lines.append(f"stock PyTorch: Lockstep ÷ it {statistics.median(self.ratios(stock)):.2f}")
        if self.disturbed:
            turns = sum(map(len, self.rates.values()))
            lines.append(f"other processes disturbed {self.disturbed} of {turns} turns")
        return lines


HEADINGS = ["", "samples/s", "min–max", "Lockstep ÷ it", "min–max"]


def text(comparison, stock):
    """A table for a terminal."""
    rows = [HEADINGS, *comparison.rows()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [comparison.heading]
    for row in rows:
        lines.append("  " + "  ".join(cell.ljust(widths[0]) if i == 0 else cell.rjust(widths[i]) for i, cell in enumerate(row)))
    lines += [f"  {line}" for line in comparison.summary(stock)]
    lines += [f"  not measured: {title}: {problem}" for title, problem in comparison.problems.items()]
    return "\n".join(lines) + "\n"


def markdown(comparisons, versions, rounds, seconds, stock):
    """Machine, versions, and a table of all comparisons: samples a second, and in brackets Lockstep's ratio with its spread."""
    used = ", ".join(f"{name} {versions[name]}" for name in sorted(versions))
    titles = [LOCKSTEP]
    for comparison in comparisons:
        titles += [title for title in comparison.rates if title not in titles]
    lines = [
        f"{processor()[0]}, {os.cpu_count()} processors, {platform.system()} {platform.release()}, "
        f"{datetime.date.today().isoformat()}; {rounds} rounds of {seconds} s, taking turns.",
        f"Python {platform.python_version()}, {used}.",
        "",
        "Median samples a second; below, Lockstep's speed divided by the peer's, median of the rounds, least and greatest.",
        "",
        "| | " + " | ".join(f"{comparison.workload.name}, {comparison.threads}" for comparison in comparisons) + " |",
        "| --- |" + " --- |" * len(comparisons),
    ]
    for title in titles:
        cells = []
        for comparison in comparisons:
            row = next((row for row in comparison.rows() if row[0] == title), None)
            if row is None:
                cells.append("–")
            else:
                cells.append(row[1] if title == LOCKSTEP else f"{row[1]}<br>{row[3]} ({row[4]})")
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    lines.append("")
    for comparison in comparisons:
        lines.append(f"- {comparison.heading}: {'; '.join(comparison.summary(stock))}.")
        lines += [f"  Not measured: {title}: {problem}." for title, problem in comparison.problems.items()]
    return "\n".join(lines) + "\n"
