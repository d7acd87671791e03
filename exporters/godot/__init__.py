"""Scenarios as Godot projects (4.2 or later).

The scene is built at run time by the add-on, in GDScript, from ``scenario.json``: the document stays the
one source of truth, an edited scenario needs no new scene, and the add-on works in a project of the
receiver's own (node ``PacaiScenario``). A scene file with every node written out would show the same thing
and have to be kept in step with the document.

Axes. Godot is right-handed, Y up, -Z forward, metres; the middle of the area is the origin, so that a
32-bit ``Vector3`` holds each coordinate of an area of up to 65 km to within a millimetre.

==========  ====================================  =======================================
Godot       scenario                              a point 100 m E, 200 m N of the corner,
                                                  height 50 m, in an area of 1 km
==========  ====================================  =======================================
x           east − side/2                         −400
y           height above sea level                50
z           −(north − side/2)                     300
rotation.y  −heading (counter-clockwise from +Y)
==========  ====================================  =======================================
"""

from exporters.godot.exporter import GodotExporter

__all__ = ["GodotExporter"]
