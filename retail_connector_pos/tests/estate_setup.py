"""Setting up an estate as a person does: the wizard, its lines and its buttons."""


def open_setup(backend, user=None):
    """Open the wizard of a backend as a user; return it."""
    backend = backend.with_user(user) if user else backend
    action = backend.action_set_up_stores()
    return backend.env[action["res_model"]].browse(action["res_id"])


def paste(setup, text):
    """Paste a list and let it be read."""
    setup.pasted = text
    setup.action_propose()
    return setup


def listed(stores, registers):
    """Return the text of an estate of so many stores with so many registers each."""
    return "\n".join(
        f"S{store:02d};Store {store:02d};R{register};Till {register}"
        for store in range(1, stores + 1)
        for register in range(1, registers + 1)
    )


def line_of(lines, **values):
    """Return the one line with these values."""
    found = lines.filtered(
        lambda line: all(line[name] == wanted for name, wanted in values.items())
    )
    assert len(found) == 1, (values, len(found))
    return found
