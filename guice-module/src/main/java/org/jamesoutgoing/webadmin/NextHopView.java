/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.delivery.LaneState;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.smtp.HostConnections;

/**
 * A next hop and the lane of mails before it.
 *
 * @param nextHop its name in the log
 * @param hosts in order of preference
 * @param state {@code open}, {@code probing} or {@code resting} (no host could be reached; one mail at a time tries, from
 *     {@code restsUntil} on)
 * @param limitedBy why {@code mayBeUnderWay} is what it is: {@code initial}, {@code grown} (by success), {@code cut} (a host
 *     could not be reached), {@code route} (its {@code maxConnectionsPerHost}; three mails for each connection), {@code probe}
 * @param lastReply what the last attempt ended with: a host's reply, or what went wrong
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record NextHopView(
        String nextHop,
        String queue,
        List<Host> hosts,
        String state,
        int inLine,
        int underWay,
        int mayBeUnderWay,
        String limitedBy,
        Optional<Instant> restsUntil,
        Optional<HoldView> suspension,
        Optional<String> lastReply,
        Instant lastUsed) {

    /**
     * The connections to a host, whichever next hop they serve.
     *
     * @param open those without work among them
     * @param waiting mails that wait for one
     */
    record Host(String host, int open, int idle, int waiting) {

        static Host of(String name, HostConnections connections) {
            return new Host(name, connections.open(), connections.idle(), connections.waiting());
        }
    }

    static NextHopView of(OutgoingMailService service, LaneState lane, Map<String, HostConnections> connections) {
        return new NextHopView(
                lane.nextHop().name(),
                service.settings().queueName(),
                lane.hosts().stream()
                        .map(name -> Host.of(name, connections.getOrDefault(name, HostConnections.NONE)))
                        .toList(),
                state(lane),
                lane.inLine(),
                lane.underWay(),
                lane.mayBeUnderWay(),
                ValueType.spelling(lane.limit()),
                lane.restsUntil(),
                service.controls()
                        .suspensions()
                        .ofHosts(lane.hosts(), service.view().now())
                        .map(HoldView::of),
                Optional.of(lane.lastWord()).filter(text -> !text.isEmpty()),
                lane.lastUsed());
    }

    /** The lane's state in one word. */
    static String state(LaneState lane) {
        if (lane.restsUntil().isPresent()) {
            return "resting";
        }
        return lane.unreachable() ? "probing" : "open";
    }
}
