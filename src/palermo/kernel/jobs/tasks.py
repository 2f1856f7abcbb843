"""The one Procrastinate task: carry out an effect. Its only argument is the effect's id."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(
    name="palermo.carry_out_effect",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
)
def carry_out_effect(effect_id: str) -> None:
    from palermo.kernel.jobs.actions import carry_out

    carry_out(UUID(effect_id))
