extends RefCounted
## Flat bands that follow the ground: roads, water courses, routes, outlines of control measures.

const Ground := preload("ground.gd")
const MAX_POINTS := 20000


## A band of the given width (metres) along line ((x, z) points), lift metres above the ground.
static func draped(
	ground: Ground, line: PackedVector2Array, width: float, colour: Color, lift: float, closed := false
) -> MeshInstance3D:
	var points := _resampled(line, ground.cell, closed)
	var vertices := PackedVector3Array()
	for index in points.size():
		var side := _normal(points, index, closed) * width / 2.0
		for edge: Vector2 in [points[index] - side, points[index] + side]:
			vertices.append(ground.on_ground(edge, lift))
	var node := MeshInstance3D.new()
	node.mesh = _strip(vertices)
	node.material_override = _material(colour)
	node.cast_shadow = GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
	return node


static func circle(centre: Vector2, radius: float) -> PackedVector2Array:
	var points := PackedVector2Array()
	for step in 48:
		points.append(centre + Vector2.from_angle(TAU * step / 48.0) * radius)
	return points


static func _resampled(line: PackedVector2Array, step: float, closed: bool) -> PackedVector2Array:
	var corners := line.duplicate()
	if closed:
		corners.append(line[0])
	var points := PackedVector2Array([corners[0]])
	for index in range(1, corners.size()):
		var from := corners[index - 1]
		var pieces := maxi(1, int(ceil(from.distance_to(corners[index]) / step)))
		for piece in range(1, pieces + 1):
			points.append(from.lerp(corners[index], float(piece) / pieces))
		if points.size() > MAX_POINTS:
			break
	return points


static func _normal(points: PackedVector2Array, index: int, closed: bool) -> Vector2:
	var last := points.size() - 1
	var before := points[index - 1] if index > 0 else (points[last - 1] if closed else points[0])
	var after := points[index + 1] if index < last else (points[1] if closed else points[last])
	var along := (after - before).normalized()
	return Vector2(-along.y, along.x)


static func _strip(vertices: PackedVector3Array) -> ArrayMesh:
	var normals := PackedVector3Array()
	normals.resize(vertices.size())
	normals.fill(Vector3.UP)
	var arrays := []
	arrays.resize(Mesh.ARRAY_MAX)
	arrays[Mesh.ARRAY_VERTEX] = vertices
	arrays[Mesh.ARRAY_NORMAL] = normals
	var mesh := ArrayMesh.new()
	mesh.add_surface_from_arrays(Mesh.PRIMITIVE_TRIANGLE_STRIP, arrays)
	return mesh


static func _material(colour: Color) -> StandardMaterial3D:
	var material := StandardMaterial3D.new()
	material.albedo_color = colour
	material.roughness = 1.0
	material.cull_mode = BaseMaterial3D.CULL_DISABLED
	if colour.a < 1.0:
		material.transparency = BaseMaterial3D.TRANSPARENCY_ALPHA
	return material
