// Owns: a placement that derives again all that it keeps after each of its events.

import { Placement, type PlacementEffect, type PlacementEvent, validatePlacement } from "@millrace/distributed/seam";

export class CheckedPlacement extends Placement {
  override handle(event: PlacementEvent, nowMs: number, effects: PlacementEffect[]): void {
    super.handle(event, nowMs, effects);
    validatePlacement(this.state);
  }
}
