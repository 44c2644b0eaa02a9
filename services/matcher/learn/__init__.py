"""Learning from outcomes: weights for the features of a kind, judged on held-back outcomes before anybody uses them."""
