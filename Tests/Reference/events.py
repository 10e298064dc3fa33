#!/usr/bin/env python3
"""Prints events as TensorBoard writes them: the hexadecimal records of EventTests.swift.

    pip install tensorboard && python Tests/Reference/events.py
"""

import io

import tensorboard
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.summary.writer.record_writer import RecordWriter

EVENTS = {
    "version": Event(wall_time=1.5, file_version="brain.Event:2"),
    "scalars": Event(
        wall_time=1764000000.25, step=300, summary=Summary(value=[
            Summary.Value(tag="loss/training", simple_value=0.25),
            Summary.Value(tag="rate", simple_value=float("nan"))])),
    "start": Event(wall_time=2, step=4, session_log=SessionLog(status=SessionLog.START)),
    "image": Event(
        wall_time=2, step=-1, summary=Summary(value=[
            Summary.Value(tag="w", image=Summary.Image(
                height=2, width=3, colorspace=1, encoded_image_string=b"\x89PNG"))])),
    "text": Event(
        wall_time=2, step=1, summary=Summary(value=[
            Summary.Value(
                tag="settings/text_summary",
                metadata=SummaryMetadata(
                    plugin_data=SummaryMetadata.PluginData(plugin_name="text")),
                tensor=TensorProto(
                    dtype=7, string_val=["é".encode()],
                    tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])))])),
}

print("tensorboard", tensorboard.__version__)
for name, event in EVENTS.items():
    file = io.BytesIO()
    RecordWriter(file).write(event.SerializeToString(deterministic=True))
    print(name, file.getvalue().hex())
