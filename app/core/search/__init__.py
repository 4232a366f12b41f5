"""Beyond one audit: combinations, nearest awards, routes, and the impact of a change."""
