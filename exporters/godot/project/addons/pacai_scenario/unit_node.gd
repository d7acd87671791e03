extends Node3D
## One unit: symbol, name, heading, and its place on its routes at any time of the exercise.
##
## Metadata: id, side, parent, at_cm (Vector2i, exact), record (the whole unit of the document), tasks.
## Groups: "pacai_units", "pacai_side_<side>", "pacai_under_<parent>" for the order of battle.

const Axes := preload("axes.gd")
const Document := preload("document.gd")
const Ground := preload("ground.gd")
const Marks := preload("marks.gd")

## Metres from the camera within which a symbol is shown, so that a battalion does not cover itself.
const SYMBOL_RANGE := {"team": 1500.0, "squad": 2500.0, "platoon": 6000.0, "company": 20000.0}
const POLE_M := 14.0
const SYMBOL_PIXEL := 0.00042
const LABEL_DROP_PX := -56.0

var record: Dictionary
var tasks: Array = []
var _ground: Ground
## Legs in order of time: {start_s, duration_s, curve}.
var _legs: Array[Dictionary] = []


func build(unit: Dictionary, document: Document, ground: Ground, folder: String) -> void:
	record = unit
	_ground = ground
	name = Marks.node_name(unit.id)
	position = ground.on_ground(Axes.ground_point(unit.at, document.side_m))
	rotation.y = Axes.yaw(unit.heading_mdeg)
	set_meta("id", unit.id)
	set_meta("side", unit.side)
	set_meta("parent", "" if unit.parent == null else unit.parent)
	set_meta("at_cm", Vector2i(int(unit.at.east_cm), int(unit.at.north_cm)))
	set_meta("record", unit)
	set_meta("tasks", tasks)
	add_to_group("pacai_units")
	add_to_group("pacai_side_" + str(unit.side))
	if unit.parent != null:
		add_to_group("pacai_under_" + str(unit.parent))
	_add_symbol(folder, Marks.colour(document.affiliation(unit.side)))


func add_task(task: Dictionary, route_curve: Curve3D, duration_s: float) -> void:
	tasks.append(task)
	if route_curve != null:
		_legs.append({"start_s": float(task.start_s), "duration_s": duration_s, "curve": route_curve})
		_legs.sort_custom(func(a: Dictionary, b: Dictionary) -> bool: return a.start_s < b.start_s)


## Stand where the unit is at a time of the exercise: on the leg that began last, at even speed.
func stand_at(seconds: float, start: Vector3) -> void:
	var here := start
	for leg in _legs:
		if leg.start_s > seconds:
			break
		var curve: Curve3D = leg.curve
		var part := clampf((seconds - leg.start_s) / leg.duration_s, 0.0, 1.0)
		var length := curve.get_baked_length()
		here = curve.get_point_position(curve.point_count - 1) if part >= 1.0 else curve.sample_baked(part * length)
		if part < 1.0:
			_face(curve.sample_baked(minf(part * length + 5.0, length)) - here)
	position = _ground.on_ground(Vector2(here.x, here.z))


func is_moving(seconds: float) -> bool:
	return _legs.any(
		func(leg: Dictionary) -> bool: return leg.start_s <= seconds and seconds < leg.start_s + leg.duration_s
	)


func current_task(seconds: float) -> Dictionary:
	var found := {}
	for task: Dictionary in tasks:
		if task.start_s <= seconds and seconds < task.end_s:
			found = task
	return found


func _face(along: Vector3) -> void:
	if Vector2(along.x, along.z).length() > 0.01:
		rotation.y = atan2(-along.x, -along.z)


func _add_symbol(folder: String, tint: Color) -> void:
	var range_m: float = SYMBOL_RANGE.get(record.echelon, 0.0)
	var symbol := Sprite3D.new()
	symbol.name = "Symbol"
	symbol.texture = load(folder.path_join("symbols/%s.svg" % record.sidc))
	symbol.billboard = BaseMaterial3D.BILLBOARD_ENABLED
	symbol.fixed_size = true
	symbol.pixel_size = SYMBOL_PIXEL
	symbol.position.y = POLE_M
	symbol.no_depth_test = true
	symbol.render_priority = 1
	symbol.visibility_range_end = range_m
	add_child(symbol)
	var text := Marks.label(record.short_name, tint, Marks.Rank.UNIT, _label_range(range_m), LABEL_DROP_PX)
	text.name = "Label"
	text.position.y = POLE_M
	add_child(text)
	add_child(_pole(tint))
	add_child(_arrow(tint))


func _label_range(symbol_range_m: float) -> float:
	return minf(symbol_range_m, 5000.0) if symbol_range_m > 0.0 else 8000.0


func _pole(tint: Color) -> MeshInstance3D:
	var mesh := CylinderMesh.new()
	mesh.top_radius = 0.25
	mesh.bottom_radius = 0.25
	mesh.height = POLE_M
	mesh.radial_segments = 5
	return _solid(mesh, tint, Vector3(0.0, POLE_M / 2.0, 0.0))


func _arrow(tint: Color) -> MeshInstance3D:
	var mesh := PrismMesh.new()
	mesh.size = Vector3(9.0, 16.0, 1.0)
	var node := _solid(mesh, tint, Vector3(0.0, 1.5, -14.0))
	node.name = "Heading"
	node.rotation.x = -PI / 2.0
	return node


func _solid(mesh: PrimitiveMesh, tint: Color, at: Vector3) -> MeshInstance3D:
	var material := StandardMaterial3D.new()
	material.albedo_color = tint
	material.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	mesh.material = material
	var node := MeshInstance3D.new()
	node.mesh = mesh
	node.position = at
	node.cast_shadow = GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
	return node
