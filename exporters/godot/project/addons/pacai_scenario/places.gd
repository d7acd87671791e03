extends Node3D
## What stands and lies on the ground: roads, water courses, crossings, buildings, named places.

const Axes := preload("axes.gd")
const Document := preload("document.gd")
const Ground := preload("ground.gd")
const Marks := preload("marks.gd")
const Ribbon := preload("ribbon.gd")

## Width (metres) and colour by kind of road.
const ROADS := {
	"highway": [14.0, Color(0.33, 0.33, 0.35)],
	"road": [8.0, Color(0.42, 0.41, 0.40)],
	"track": [4.0, Color(0.53, 0.46, 0.35)],
}
const WATER := Color(0.20, 0.38, 0.54)
const WALLS: Array[Color] = [Color(0.86, 0.82, 0.74), Color(0.78, 0.72, 0.64), Color(0.88, 0.87, 0.83)]
const ROOFS: Array[Color] = [Color(0.58, 0.31, 0.24), Color(0.47, 0.28, 0.22), Color(0.39, 0.38, 0.38)]
const BRIDGE_M := Vector2(9.0, 24.0)
## Metres from the camera within which names are shown: towns from afar, farms and fords from near.
const TOWN_RANGE := 7000.0
const NAME_RANGE := 2500.0

var _document: Document
var _ground: Ground


func build(document: Document, ground: Ground) -> void:
	_document = document
	_ground = ground
	var terrain: Dictionary = document.data.terrain
	for course: Dictionary in terrain.water_courses:
		_add_band(course, float(course.width_cm) / 100.0, WATER, 0.25, "pacai_water_courses")
		var middle: Dictionary = course.points[course.points.size() / 2]
		_add_name(course.name, _at(middle), Color(0.62, 0.82, 1.0))
	for road: Dictionary in terrain.roads:
		var look: Array = ROADS[road.kind]
		_add_band(road, look[0], look[1], 0.5, "pacai_roads")
	for crossing: Dictionary in terrain.crossings:
		_add_crossing(crossing)
	for settlement: Dictionary in terrain.settlements:
		_add_settlement(settlement)
	for feature: Dictionary in terrain.features:
		_add_place(feature, "%s (%s)" % [feature.name, feature.kind.replace("_", " ")], "pacai_features")


func _at(point: Dictionary) -> Vector2:
	return Axes.ground_point(point, _document.side_m)


func _line(points: Array) -> PackedVector2Array:
	var line := PackedVector2Array()
	for point: Dictionary in points:
		line.append(_at(point))
	return line


func _add_band(record: Dictionary, width: float, tint: Color, lift: float, group: String) -> void:
	var band := Ribbon.draped(_ground, _line(record.points), width, tint, lift)
	band.name = Marks.node_name(record.id)
	band.set_meta("id", record.id)
	band.add_to_group(group)
	add_child(band)


## A node at the place of a record, with its name above.
func _add_place(record: Dictionary, text: String, group: String, rank := Marks.Rank.PLACE) -> Node3D:
	var node := Node3D.new()
	node.name = Marks.node_name(record.id)
	node.position = _ground.on_ground(_at(record.at))
	node.set_meta("id", record.id)
	node.set_meta("at_cm", Vector2i(int(record.at.east_cm), int(record.at.north_cm)))
	node.set_meta("record", record)
	node.add_to_group(group)
	add_child(node)
	var range_m := TOWN_RANGE if rank == Marks.Rank.TOWN else NAME_RANGE
	var title := Marks.label(text, Color(0.93, 0.92, 0.86), rank, range_m)
	title.position.y = 30.0
	node.add_child(title)
	return node


func _add_name(text: String, at: Vector2, tint: Color) -> void:
	var title := Marks.label(text, tint, Marks.Rank.PLACE, NAME_RANGE)
	title.position = _ground.on_ground(at, 8.0)
	add_child(title)


func _add_crossing(crossing: Dictionary) -> void:
	var text := "%s (%s, MLC %d)" % [crossing.name, crossing.kind, crossing.load_class]
	var node := _add_place(crossing, text, "pacai_crossings")
	if crossing.kind == "bridge":
		var size := _bridge_size(crossing)
		var deck := BoxMesh.new()
		deck.size = Vector3(BRIDGE_M.x, 1.2, size)
		var material := StandardMaterial3D.new()
		material.albedo_color = Color(0.62, 0.61, 0.58)
		deck.material = material
		var mesh := MeshInstance3D.new()
		mesh.mesh = deck
		mesh.rotation.y = _road_yaw(_at(crossing.at))
		mesh.position.y = _bank_height(_at(crossing.at), size) - node.position.y + 0.4
		node.add_child(mesh)


## Length of a bridge: the width of the nearest water course and a bank on each side.
func _bridge_size(crossing: Dictionary) -> float:
	var at := _at(crossing.at)
	var nearest := INF
	var width := 0.0
	for course: Dictionary in _document.data.terrain.water_courses:
		var line := _line(course.points)
		for index in range(1, line.size()):
			var distance := at.distance_to(Geometry2D.get_closest_point_to_segment(at, line[index - 1], line[index]))
			if distance < nearest:
				nearest = distance
				width = float(course.width_cm) / 100.0
	return maxf(BRIDGE_M.y, width + 2.0 * _ground.cell)


func _bank_height(at: Vector2, size: float) -> float:
	var along := Vector2(0.0, -1.0).rotated(-_road_yaw(at)) * size / 2.0
	return maxf(_ground.height_at(at + along), _ground.height_at(at - along))


## Direction of the road that passes nearest to a place.
func _road_yaw(at: Vector2) -> float:
	var nearest := INF
	var found := 0.0
	for road: Dictionary in _document.data.terrain.roads:
		var line := _line(road.points)
		for index in range(1, line.size()):
			var distance := at.distance_to(Geometry2D.get_closest_point_to_segment(at, line[index - 1], line[index]))
			if distance < nearest and not line[index].is_equal_approx(line[index - 1]):
				nearest = distance
				var along := line[index] - line[index - 1]
				found = atan2(-along.x, -along.y)
	return found


func _add_settlement(settlement: Dictionary) -> void:
	var text := "%s (%d)" % [settlement.name, settlement.population]
	var node := _add_place(settlement, text, "pacai_settlements", Marks.Rank.TOWN)
	node.set_meta("buildings", settlement.buildings.size())
	var edge := Ribbon.circle(_at(settlement.at), float(settlement.radius_cm) / 100.0)
	add_child(Ribbon.draped(_ground, edge, 3.0, Color(1.0, 1.0, 1.0, 0.18), 1.0, true))
	if settlement.buildings.is_empty():
		return
	var box := BoxMesh.new()
	box.size = Vector3.ONE
	var roof := PrismMesh.new()
	roof.size = Vector3.ONE
	var walls := _many(box, settlement.buildings.size())
	var roofs := _many(roof, settlement.buildings.size())
	for index: int in settlement.buildings.size():
		_place_building(walls, roofs, index, settlement.buildings[index])
	for multi: MultiMesh in [walls, roofs]:
		var instance := MultiMeshInstance3D.new()
		instance.multimesh = multi
		add_child(instance)


## Size and turn of a building follow from its place alone, so every run shows the same town.
func _place_building(walls: MultiMesh, roofs: MultiMesh, index: int, point: Dictionary) -> void:
	var at := _at(point)
	var draw := hash(Vector2i(int(point.east_cm), int(point.north_cm)))
	var size := Vector3(8.0 + draw % 7, 3.5 + (draw >> 4) % 4, 9.0 + (draw >> 8) % 8)
	var turn := Basis(Vector3.UP, _road_yaw(at) + ((draw >> 12) % 5 - 2) * 0.06)
	var foot := _ground.on_ground(at, -1.0)
	var wall_size := Vector3(size.x, size.y + 1.0, size.z)
	var middle := foot + Vector3.UP * wall_size.y / 2.0
	walls.set_instance_transform(index, Transform3D(turn * Basis().scaled(wall_size), middle))
	walls.set_instance_color(index, WALLS[(draw >> 16) % WALLS.size()])
	var roof_size := Vector3(size.x + 0.8, 2.6, size.z + 0.8)
	var top := foot + Vector3.UP * (wall_size.y + roof_size.y / 2.0)
	roofs.set_instance_transform(index, Transform3D(turn * Basis().scaled(roof_size), top))
	roofs.set_instance_color(index, ROOFS[(draw >> 20) % ROOFS.size()])


func _many(mesh: PrimitiveMesh, count: int) -> MultiMesh:
	var material := StandardMaterial3D.new()
	material.vertex_color_use_as_albedo = true
	material.vertex_color_is_srgb = true
	material.roughness = 0.9
	mesh.material = material
	var multi := MultiMesh.new()
	multi.transform_format = MultiMesh.TRANSFORM_3D
	multi.use_colors = true
	multi.mesh = mesh
	multi.instance_count = count
	return multi
