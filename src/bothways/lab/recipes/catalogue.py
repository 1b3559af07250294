"""All recipes, in the order in which they are listed."""

from bothways.errors import CallError
from bothways.lab.recipes import (
    accept_queue_overflow,
    application_refused,
    application_silent,
    asymmetric_bypass,
    asymmetric_reply_through_firewall,
    client_gone_or_spoofed,
    client_refuses_reply,
    destination_blocked,
    destination_unreachable,
    established_outbound_drop,
    firewall_pair_unsynchronised,
    healthy,
    host_refuses_ack,
    mtu_black_hole,
    option_sensitive,
    path_member_fault,
    port_closed,
    random_loss,
    receive_window_closed,
    reply_lost,
    routing_loop,
    sequence_rewritten,
    server_ignores_syn,
    sni_filtered,
    source_blocked,
    stale_tuple,
    state_expired,
    state_table_full,
    syn_proxy,
    window_mangled,
)
from bothways.lab.recipes.recipe import Recipe

RECIPES: tuple[Recipe, ...] = (
    asymmetric_bypass.RECIPE,
    asymmetric_reply_through_firewall.RECIPE,
    firewall_pair_unsynchronised.RECIPE,
    established_outbound_drop.RECIPE,
    destination_blocked.RECIPE,
    source_blocked.RECIPE,
    sni_filtered.RECIPE,
    mtu_black_hole.RECIPE,
    accept_queue_overflow.RECIPE,
    host_refuses_ack.RECIPE,
    server_ignores_syn.RECIPE,
    reply_lost.RECIPE,
    client_refuses_reply.RECIPE,
    random_loss.RECIPE,
    path_member_fault.RECIPE,
    port_closed.RECIPE,
    destination_unreachable.RECIPE,
    routing_loop.RECIPE,
    state_expired.RECIPE,
    state_table_full.RECIPE,
    stale_tuple.RECIPE,
    application_silent.RECIPE,
    syn_proxy.RECIPE,
    sequence_rewritten.RECIPE,
    option_sensitive.RECIPE,
    window_mangled.RECIPE,
    application_refused.RECIPE,
    receive_window_closed.RECIPE,
    client_gone_or_spoofed.RECIPE,
    healthy.RECIPE,
)


def find(name: str) -> Recipe:
    """Return the recipe of that name.

    Raises:
        CallError: there is none.
    """
    for recipe in RECIPES:
        if recipe.name == name:
            return recipe
    message = f"there is no recipe {name!r}; there are {', '.join(recipe.name for recipe in RECIPES)}"
    raise CallError(message)
