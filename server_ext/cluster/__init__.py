"""One node among several: the shard label and the kernel ids that carry it."""

from server_ext.cluster.shard import ShardLabel, new_kernel_id, shard_label, shard_of_kernel

__all__ = ["ShardLabel", "new_kernel_id", "shard_label", "shard_of_kernel"]
