#!/usr/bin/env python3
"""Lockstep side by side with other software on the same workloads, processors and data.

    python3 Benchmarks/Peers/compare.py [--peers pytorch,jax] [--workloads W0,W2] [--threads 1,2] [--rounds 5] [--seconds 1]
                                        [--lockstep FILE] [--environment FOLDER] [--markdown FILE] [--check]

Makes what it needs on the first run. All take turns, round by round, so that a change of the machine's speed meets them all;
ratios are taken within a round. `--check` trains five epochs with each peer instead, and prints how much was learned.
"""

import argparse
import pathlib

import report
from catalog import PEERS
from environment import REPOSITORY, Environment, say
from quiet import quiet_turn
from turns import Child, Failure
from workloads import WORKLOADS

BENCHMARKS = REPOSITORY / "Benchmarks"
STOCK = PEERS["pytorch"].title
# The packages whose versions the Markdown names.
REPORTED = ("torch", "jax", "scikit-learn", "numpy", "scipy-openblas32", "onednn")


def parse():
    parser = argparse.ArgumentParser(description="Lockstep side by side with other software.")
    parser.add_argument("--peers", type=names_of(PEERS), default=list(PEERS.values()), help="of " + ",".join(PEERS))
    parser.add_argument("--workloads", type=names_of(WORKLOADS), default=list(WORKLOADS.values()))
    parser.add_argument("--threads", type=lambda text: [int(part) for part in text.split(",")], default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of a turn")
    parser.add_argument("--lockstep", type=pathlib.Path, default=BENCHMARKS / ".build" / "release" / "scaling")
    parser.add_argument("--environment", type=pathlib.Path, default=BENCHMARKS / ".build" / "peers")
    parser.add_argument("--markdown", type=pathlib.Path, help="write the tables to this file too")
    parser.add_argument("--check", action="store_true", help="train five epochs and print accuracies instead")
    return parser.parse_args()


def names_of(choices):
    """A parser of a list of names with commas."""

    def parse_names(text):
        unknown = [name for name in text.split(",") if name not in choices]
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(choices)}")
        return [choices[name] for name in text.split(",")]

    return parse_names


def candidates(options, environment, workload, threads):
    """The peers for a workload, and why others are not among them."""
    usable, problems = [], {}
    for peer in options.peers:
        problem = environment.problems.get(workload.data) or peer.problem(environment)
        if not peer.fits(workload, threads):
            continue
        if problem:
            problems[peer.title] = problem
        else:
            usable.append(peer)
    return usable, problems


def start(peer, environment, workload, threads, *more):
    log = environment.logs / f"{peer.name}-{workload.name}-{threads}.log"
    return Child([*peer.command(environment, workload, threads), *more], peer.variables(environment, threads), threads, log)


def compare(options, environment, workload, threads):
    """Starts all, then lets them take turns."""
    usable, problems = candidates(options, environment, workload, threads)
    racers, rates, disturbed = {}, {}, 0
    try:
        for peer in [None, *usable]:
            title = peer.title if peer else report.LOCKSTEP
            say(f"{workload.name}, {threads}: starting {title}")
            if peer:
                racers[title] = start(peer, environment, workload, threads)
            else:
                command = [options.lockstep, "--serve", "--workloads", workload.name, "--workers", threads]
                log = environment.logs / f"lockstep-{workload.name}-{threads}.log"
                racers[title] = Child([str(part) for part in command], {}, threads, log)
            attempt(racers, title, problems, lambda racer: racer.warm_up())
        for number in range(options.rounds):
            say(f"{workload.name}, {threads}: round {number + 1} of {options.rounds}")
            for title in list(racers):
                result = attempt(racers, title, problems, lambda racer: quiet_turn(racer, options.seconds))
                if result:
                    rates.setdefault(title, []).append(result[0])
                    disturbed += result[1]
    finally:
        for racer in racers.values():
            racer.stop()
    if report.LOCKSTEP in problems:
        raise SystemExit(f"compare.py: {report.LOCKSTEP}: {problems[report.LOCKSTEP]}")
    return report.Comparison(workload, threads, {title: rates[title] for title in racers}, problems, disturbed)


def attempt(racers, title, problems, action):
    """What a racer answers; one that fails is out of the race."""
    try:
        return action(racers[title])
    except Failure as failure:
        racers.pop(title).stop()
        problems[title] = str(failure)
        return None


def check(options, environment, workload, threads):
    """Trains five epochs with each peer."""
    usable, problems = candidates(options, environment, workload, threads)
    print(f"{workload.name}, {threads}: accuracy on the training data and on the test data after 5 epochs")
    for peer in usable:
        child = start(peer, environment, workload, threads, "--check")
        try:
            _, training, test = child.answer("accuracy", 1800).split()
            print(f"  {peer.title:<28} {float(training):.4f}  {float(test):.4f}", flush=True)
        except Failure as failure:
            problems[peer.title] = str(failure)
        finally:
            child.stop()
    for title, problem in problems.items():
        print(f"  not checked: {title}: {problem}")


def main():
    options = parse()
    if not options.check and not options.lockstep.exists():
        raise SystemExit(f"compare.py: no {options.lockstep}; first: cd Benchmarks && swift build -c release --product scaling")
    environment = Environment(options.environment)
    environment.prepare()
    for name, problem in environment.problems.items():
        say(f"cannot have {name}: {problem}")
    comparisons = []
    for workload in options.workloads:
        for threads in options.threads:
            if options.check:
                check(options, environment, workload, threads)
                continue
            comparisons.append(compare(options, environment, workload, threads))
            print(report.text(comparisons[-1], STOCK), flush=True)
            if options.markdown:
                versions = {name: version for name, version in environment.versions.items() if name in REPORTED}
                options.markdown.write_text(report.markdown(comparisons, versions, options.rounds, options.seconds, STOCK))


if __name__ == "__main__":
    main()
