"""A YubiHSM 2 in software that speaks the real wire protocol and says that it is software.

Run as a process: ``python -m server_ext.hsm.emulator --state DIR --port N --passphrase-file FILE``. In
process: ``YubiHsm(EmulatorBackend(SoftwareDevice.open(MemoryVault())))``. Implemented from Yubico's public
documents and header values, GlobalPlatform SCP03 and RFCs.
"""

from server_ext.hsm.emulator.backend import EmulatorBackend
from server_ext.hsm.emulator.connector import Connector
from server_ext.hsm.emulator.device import SoftwareDevice
from server_ext.hsm.emulator.persistence import FileVault, MemoryVault
from server_ext.hsm.emulator.state import FIRST_SOFTWARE_SERIAL

__all__ = [
    "FIRST_SOFTWARE_SERIAL",
    "Connector",
    "EmulatorBackend",
    "FileVault",
    "MemoryVault",
    "SoftwareDevice",
]
