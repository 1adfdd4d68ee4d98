"""The network as visitors find it: members and service centres on one map, near a place, or alike."""
