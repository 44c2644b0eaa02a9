"""`python -m services.console serve`."""

import argparse
import os
import signal
import sys

import uvicorn

from services.chassis.configuration import EXIT_CONFIGURATION, ConfigurationError
from services.chassis.keys import ensure_local_keys
from services.chassis.process.crashes import tell_where_and_leave_no_core
from services.chassis.rpc.call import correlation
from services.chassis.settings import describe, load_settings
from services.chassis.telemetry.logs import configure_logs
from services.console.app import build
from services.console.web.connections import Connection

_GRACE_SECONDS = 10


def main() -> int:
    """The exit status: 0, or 78 for a wrong configuration."""
    settings_help = "\n".join(f"  {name}={default}\n      {meaning}" for name, default, meaning in describe())
    parser = argparse.ArgumentParser(
        prog="python -m services.console",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"settings (environment variables):\n{settings_help}",
    )
    parser.add_subparsers(dest="command", required=True).add_parser("serve", help="serve until SIGTERM")
    parser.parse_args()
    tell_where_and_leave_no_core()
    try:
        settings = load_settings(os.environ)
        configure_logs("console", settings.log_level, correlation)
        if settings.environment == "local":
            ensure_local_keys(settings.keys_dir)
        host, _, port = settings.console_address.rpartition(":")
        config = uvicorn.Config(
            build(settings),
            host=host.strip("[]"),
            port=int(port),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            http=Connection,
            limit_concurrency=500,
            loop="services.chassis.rpc.loop:new_loop",
        )
        # uvicorn ends in order and then raises the signal once more, for whoever was there before it: nobody was
        signal.signal(signal.SIGTERM, lambda *_told: None)
        uvicorn.Server(config).run()
    except ConfigurationError as error:
        sys.stderr.write(f"{error.text}\n")
        return EXIT_CONFIGURATION
    return 0


if __name__ == "__main__":
    sys.exit(main())
