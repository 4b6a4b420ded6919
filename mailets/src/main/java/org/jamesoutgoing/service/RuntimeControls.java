/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.delivery.Suspensions;

/**
 * What has been changed at run time of the controls that one service has by {@code mailetcontainer.xml}. Immutable.
 *
 * @param limits those that count instead of the file's; 0 is no limit
 * @param domains suspended ones, as in {@link Suspensions}
 * @param hosts suspended ones, as in {@link Suspensions}
 */
public record RuntimeControls(
        Map<QueueLimit, Long> limits, Whole service, Map<String, Suspension> domains, Map<String, Suspension> hosts) {

    /** Nothing has. */
    public static final RuntimeControls NONE = new RuntimeControls(Map.of(), new Configured(), Map.of(), Map.of());

    /** Whether the service as a whole delivers. */
    public sealed interface Whole {}

    /** As the file says. */
    public record Configured() implements Whole {}

    /** It does not; when that ends by itself, it does, whatever the file says. */
    public record Suspended(Suspension suspension) implements Whole {}

    /** It does, though the file says {@code enabled=false}. */
    public record Resumed() implements Whole {}

    public RuntimeControls {
        limits = Map.copyOf(limits);
        domains = Map.copyOf(domains);
        hosts = Map.copyOf(hosts);
    }

    /** What counts, when the file says {@code configured}. */
    public Controls over(Controls configured) {
        Optional<Suspension> whole = configured.suspensions().service();
        if (service instanceof Suspended suspended) {
            whole = Optional.of(suspended.suspension());
        } else if (service instanceof Resumed) {
            whole = Optional.empty();
        }
        return new Controls(QueueLimit.over(configured.limits(), limits), new Suspensions(whole, domains, hosts));
    }

    /** @param changes an empty one gives way to the file's again */
    public RuntimeControls withLimits(Map<QueueLimit, Optional<Long>> changes) {
        Map<QueueLimit, Long> next = new HashMap<>(limits);
        changes.forEach(
                (limit, value) -> value.ifPresentOrElse(number -> next.put(limit, number), () -> next.remove(limit)));
        return new RuntimeControls(next, service, domains, hosts);
    }

    public RuntimeControls withoutLimits() {
        return new RuntimeControls(Map.of(), service, domains, hosts);
    }

    public RuntimeControls suspended(Suspendable what, Suspension suspension) {
        return with(what, Optional.of(suspension));
    }

    public RuntimeControls resumed(Suspendable what) {
        return with(what, Optional.empty());
    }

    private RuntimeControls with(Suspendable what, Optional<Suspension> suspension) {
        if (what instanceof Suspendable.Domain domain) {
            return new RuntimeControls(limits, service, with(domains, domain.name(), suspension), hosts);
        }
        if (what instanceof Suspendable.Host host) {
            return new RuntimeControls(limits, service, domains, with(hosts, host.name(), suspension));
        }
        return new RuntimeControls(
                limits, suspension.<Whole>map(Suspended::new).orElseGet(Resumed::new), domains, hosts);
    }

    private static Map<String, Suspension> with(
            Map<String, Suspension> all, String name, Optional<Suspension> suspension) {
        Map<String, Suspension> next = new HashMap<>(all);
        suspension.ifPresentOrElse(added -> next.put(name, added), () -> next.remove(name));
        return next;
    }

    /** These, and of {@code others} what these do not say. */
    RuntimeControls orElse(RuntimeControls others) {
        Map<QueueLimit, Long> allLimits = new HashMap<>(others.limits);
        allLimits.putAll(limits);
        Map<String, Suspension> allDomains = new HashMap<>(others.domains);
        allDomains.putAll(domains);
        Map<String, Suspension> allHosts = new HashMap<>(others.hosts);
        allHosts.putAll(hosts);
        return new RuntimeControls(
                allLimits, service instanceof Configured ? others.service : service, allDomains, allHosts);
    }

    /** Without what has ended by itself, and without what {@code configured} says too. */
    RuntimeControls tidied(Controls configured, Instant now) {
        Whole whole = service;
        if (whole instanceof Suspended suspended && !suspended.suspension().isOn(now)) {
            whole = new Resumed();
        }
        if (whole instanceof Resumed && configured.suspensions().service().isEmpty()) {
            whole = new Configured();
        }
        return new RuntimeControls(limits, whole, on(domains, now), on(hosts, now));
    }

    private static Map<String, Suspension> on(Map<String, Suspension> all, Instant now) {
        Map<String, Suspension> on = new HashMap<>(all);
        on.values().removeIf(suspension -> !suspension.isOn(now));
        return on;
    }
}
