"""The whole job, step by step, each step a function that takes the desks and what went before."""
