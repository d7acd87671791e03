extends RefCounted
## The one place where scenario coordinates become Godot coordinates.
##
## Godot is right-handed, Y up, -Z forward, metres. The middle of the area is the origin, so that a
## 32-bit Vector3 holds each coordinate of an area of up to 65 km to the millimetre:
##
##   x =  east_m  - side_m / 2
##   y =  height above sea level, metres
##   z = -(north_m - side_m / 2)
##   rotation about Y = -heading (Godot turns counter-clockwise seen from above)

const CM := 100.0


## (x, z) of a point of the document.
static func ground_point(point: Dictionary, side_m: float) -> Vector2:
	var half_cm := side_m * CM / 2.0
	return Vector2((float(point.east_cm) - half_cm) / CM, -(float(point.north_cm) - half_cm) / CM)


## Rotation about Y, radians, of something that faces -Z and heads clockwise from north.
static func yaw(heading_mdeg: float) -> float:
	return -deg_to_rad(heading_mdeg / 1000.0)
