"""Everything this app writes: dossiers, their chain, visits, payouts."""

# dossiers, chain and visits

# payouts
