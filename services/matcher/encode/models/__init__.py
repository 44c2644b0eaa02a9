"""Pretrained models of texts. Nothing is loaded from a network: a model is part of a package or of a directory."""
