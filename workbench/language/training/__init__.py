"""How the shipped model is made: a seeded grammar and a training script.

Nothing here is imported by the product; torch and onnx are the extra ``train``.
"""
