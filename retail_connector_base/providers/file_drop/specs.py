"""What a backend is asked for, so that its folder can be reached."""

from ..credential import CredentialSpec, SettingSpec

FOLDER_SETTINGS = (
    SettingSpec(
        "folder_url",
        "Folder",
        "sftp://user@host/folder, s3://bucket/folder, or file:///folder where this server's "
        "operator opened it.",
    ),
    SettingSpec(
        "host_key",
        "Server's key",
        "For SFTP: type and key as “ssh-keyscan” prints them, compared with what the server's "
        "administrator says.",
        required=False,
    ),
    SettingSpec("user", "User", "For object stores: the access key.", required=False),
    SettingSpec(
        "endpoint", "Store's address", "For S3 that is not Amazon's: https://…", required=False
    ),
)
FOLDER_CREDENTIALS = (
    CredentialSpec(
        "password",
        "Password or secret key",
        "Of the SFTP user or the object store; a folder on this machine has none.",
        required=False,
    ),
    CredentialSpec(
        "private_key", "Private key", "For SFTP, instead of a password.", required=False
    ),
)
