"""Text to vectors: script-aware grams, hashed tf-idf rows, latent dense vectors, and their stored form."""
