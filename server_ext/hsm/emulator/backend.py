"""The device without a wire: a backend that the ``yubihsm`` client takes in place of its HTTP one."""

from yubihsm.backends import YhsmBackend

from server_ext.hsm.emulator.device import SoftwareDevice

__all__ = ["EmulatorBackend"]


class EmulatorBackend(YhsmBackend):
    """Hands each message to a :class:`SoftwareDevice` in this process."""

    def __init__(self, device: SoftwareDevice) -> None:
        self._device = device

    def transceive(self, msg: bytes) -> bytes:
        return self._device.transceive(msg)

    def close(self) -> None:
        """Nothing is held open."""
