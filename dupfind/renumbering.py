"""Other numbers for the documents of what a report holds; they stand in the same order."""

from collections.abc import Mapping

from msgspec.structs import replace

from dupfind.model import Cluster, Match, Nearest

__all__ = ["renumber_cluster", "renumber_match", "renumber_nearest"]


def renumber_cluster(cluster: Cluster, index: Mapping[int, int]) -> Cluster:
    """Give the documents of a cluster other numbers."""
    return replace(
        cluster,
        lead=index[cluster.lead],
        members=tuple(index[member] for member in cluster.members),
        indirect=tuple(
            replace(item, member=index[item.member], through=index[item.through])
            for item in cluster.indirect
        ),
        versions=tuple(
            replace(
                version,
                member=index[version.member],
                before=None if version.before is None else index[version.before],
            )
            for version in cluster.versions
        ),
        matches=tuple(renumber_match(match, index) for match in cluster.matches),
    )


def renumber_match(match: Match, index: Mapping[int, int]) -> Match:
    """Give the documents of a match other numbers."""
    earlier = match.earlier
    return replace(
        match,
        a=index[match.a],
        b=index[match.b],
        earlier=replace(earlier, document=index[earlier.document]) if earlier else None,
    )


def renumber_nearest(nearest: Nearest, index: Mapping[int, int]) -> Nearest:
    """Give the documents of the nearest pair other numbers."""
    return replace(nearest, a=index[nearest.a], b=index[nearest.b])
