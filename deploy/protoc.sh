#!/bin/sh
# Writes workbench/bridge/_proto again from workbench/bridge/bridge.proto (needs the development lock).
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m grpc_tools.protoc -I workbench/bridge --python_out=workbench/bridge/_proto \
    --grpc_python_out=workbench/bridge/_proto workbench/bridge/bridge.proto
sed -i 's/^import bridge_pb2/from workbench.bridge._proto import bridge_pb2/' workbench/bridge/_proto/bridge_pb2_grpc.py
