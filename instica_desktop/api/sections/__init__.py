"""One module per section of the API reference: its paths, methods and bodies, and nothing else.

What the reference does not publish and we assume stands in the module of its section only.
"""
