"""What goes wrong with folders, in classes; the libraries' own words may hold paths and users."""

from collections.abc import Iterator
from contextlib import contextmanager

from paramiko import AuthenticationException, BadHostKeyException, SSHException

from ..errors import AuthenticationError, ConfigurationError, TransientError

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:  # S3 is an extra
    BotoCoreError = ClientError = ConnectionError


@contextmanager
def answered() -> Iterator[None]:
    """Turn errors of storages into those that decide about retry and owner."""
    try:
        yield
    except BadHostKeyException:
        raise ConfigurationError("The server shows another key than the one declared.") from None
    except AuthenticationException:
        raise AuthenticationError("The server refuses user, password or key.") from None
    except SSHException as error:
        unknown = "not found in known_hosts" in str(error)
        if unknown:
            text = "The server shows a key of another type than the one declared."
            raise ConfigurationError(text) from None
        raise TransientError(f"The server did not answer ({type(error).__name__}).") from None
    except (ImportError, ModuleNotFoundError):
        raise ConfigurationError("The library for this kind of storage is not installed.") from None
    except PermissionError:
        raise ConfigurationError(
            "The folder's user may not read, write and rename there."
        ) from None
    except (FileNotFoundError, NotADirectoryError):
        raise ConfigurationError("The folder, or a file that was in it, is not there.") from None
    except (OSError, EOFError, BotoCoreError, ClientError) as error:
        raise TransientError(f"The storage did not answer ({type(error).__name__}).") from None
