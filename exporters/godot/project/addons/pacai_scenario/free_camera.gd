extends Camera3D
## A free camera: right mouse button to look, W A S D to fly, Q E down and up, wheel for speed, Shift for more.

const LOOK := 0.0025
const CLEARANCE_M := 3.0

var speed_m_s := 80.0
## Called with (x, z), answers the height of the ground; set by the world.
var ground_height := Callable()


func go_to(target: Vector3, distance: float) -> void:
	var from := target + Vector3(0.0, distance * 0.45, distance)
	look_at_from_position(_above_ground(from), target)


func _unhandled_input(event: InputEvent) -> void:
	if event is InputEventMouseButton:
		var button := event as InputEventMouseButton
		if button.button_index == MOUSE_BUTTON_RIGHT:
			Input.mouse_mode = Input.MOUSE_MODE_CAPTURED if button.pressed else Input.MOUSE_MODE_VISIBLE
		elif button.pressed and button.button_index == MOUSE_BUTTON_WHEEL_UP:
			speed_m_s = minf(speed_m_s * 1.25, 5000.0)
		elif button.pressed and button.button_index == MOUSE_BUTTON_WHEEL_DOWN:
			speed_m_s = maxf(speed_m_s / 1.25, 2.0)
	elif event is InputEventMouseMotion and Input.mouse_mode == Input.MOUSE_MODE_CAPTURED:
		var motion := (event as InputEventMouseMotion).relative * LOOK
		rotation.y -= motion.x
		rotation.x = clampf(rotation.x - motion.y, -1.55, 1.55)


func _process(delta: float) -> void:
	if get_viewport().gui_get_focus_owner() is LineEdit:
		return
	var wish := Vector3(
		_pressed(KEY_D) - _pressed(KEY_A), _pressed(KEY_E) - _pressed(KEY_Q), _pressed(KEY_S) - _pressed(KEY_W)
	)
	if wish == Vector3.ZERO:
		return
	var faster := 4.0 if Input.is_physical_key_pressed(KEY_SHIFT) else 1.0
	position = _above_ground(position + basis * wish.normalized() * speed_m_s * faster * delta)


func _pressed(key: Key) -> float:
	return 1.0 if Input.is_physical_key_pressed(key) else 0.0


func _above_ground(at: Vector3) -> Vector3:
	if ground_height.is_valid():
		at.y = maxf(at.y, ground_height.call(Vector2(at.x, at.z)) + CLEARANCE_M)
	return at
