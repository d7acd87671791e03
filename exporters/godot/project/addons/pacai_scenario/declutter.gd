extends Node
## Hides labels that would cover one of a higher rank on the screen, a few times a second.

const Marks := preload("marks.gd")

const EVERY_S := 0.25
## Mean width of a letter and height of a line, in parts of the font size.
const LETTER := 0.55
const LINE := 1.35

var _since_s := EVERY_S
var _labels: Array[Label3D] = []


func _process(delta: float) -> void:
	_since_s += delta
	var camera := get_viewport().get_camera_3d()
	if _since_s < EVERY_S or camera == null:
		return
	_since_s = 0.0
	if _labels.is_empty():
		_labels.assign(get_tree().get_nodes_in_group("pacai_labels"))
		_labels.sort_custom(
			func(a: Label3D, b: Label3D) -> bool: return a.get_meta("rank") < b.get_meta("rank")
		)
	_place(camera)


func _place(camera: Camera3D) -> void:
	var scale := Marks.LABEL_PIXEL * get_viewport().get_visible_rect().size.y / (2.0 * tan(deg_to_rad(camera.fov / 2.0)))
	var taken: Array[Rect2] = []
	for label in _labels:
		var at := label.global_position
		var beyond := label.visibility_range_end > 0.0 and camera.position.distance_to(at) > label.visibility_range_end
		if beyond or camera.is_position_behind(at) or not (label.get_parent() as Node3D).is_visible_in_tree():
			continue
		var rect := _rect(label, camera.unproject_position(at), scale)
		label.visible = not taken.any(func(other: Rect2) -> bool: return other.intersects(rect))
		if label.visible:
			taken.append(rect)


func _rect(label: Label3D, at: Vector2, scale: float) -> Rect2:
	var longest := 0
	for line in label.text.split("\n"):
		longest = maxi(longest, line.length())
	var lines := label.text.count("\n") + 1
	var size := Vector2(longest * LETTER, lines * LINE) * label.font_size * scale
	return Rect2(at - size / 2.0 - Vector2(0.0, label.offset.y * scale), size)
