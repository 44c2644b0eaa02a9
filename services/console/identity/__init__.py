"""Signing people in by an identity service: OpenID Connect's authorization code flow, with PKCE."""
