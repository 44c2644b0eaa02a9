"""Every RPC with good and bad requests, on services that run as processes and end with this folder."""
