"""The commands of the device, by family, and the one table of them all."""

from server_ext.hsm.emulator.commands.administration import ADMINISTRATION_COMMANDS, OPEN_COMMANDS
from server_ext.hsm.emulator.commands.attestation import ATTESTATION_COMMANDS
from server_ext.hsm.emulator.commands.authentication import AUTHENTICATION_COMMANDS
from server_ext.hsm.emulator.commands.context import Command, Context
from server_ext.hsm.emulator.commands.keys import KEY_COMMANDS
from server_ext.hsm.emulator.commands.objects import OBJECT_COMMANDS
from server_ext.hsm.emulator.commands.wrapping import WRAP_COMMANDS

__all__ = ["COMMANDS", "OPEN_COMMANDS", "Command", "Context"]

COMMANDS: dict[int, Command] = {
    **ADMINISTRATION_COMMANDS,
    **ATTESTATION_COMMANDS,
    **AUTHENTICATION_COMMANDS,
    **KEY_COMMANDS,
    **OBJECT_COMMANDS,
    **WRAP_COMMANDS,
}
