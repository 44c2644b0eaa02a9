"""The demonstration: Bole's main job from an empty directory, in front of the reader."""
