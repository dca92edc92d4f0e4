"""What is known of a payout when it is judged, sealed, listed and routed."""
