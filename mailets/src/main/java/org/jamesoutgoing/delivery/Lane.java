/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.delivery.Shares.Load;
import org.jamesoutgoing.queue.PriorityLine;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.Route;

/**
 * The line of mails that wait for one next hop, by priority, with its concurrency and back-off. Not thread-safe: the dispatcher's.
 */
final class Lane {

    /** What is known of a next hop, from what came of the attempts: decides how much of what all lanes share its lane may have. */
    enum Standing {
        /** No attempt has come back yet. */
        NEW,
        /** The last attempt reached a host. */
        ANSWERING,
        /** The last attempt reached none, or was given up before a host said anything. */
        SILENT
    }

    final NextHop nextHop;
    private final List<String> hosts;
    final ConcurrencyWindow window;
    final ReleaseRate release;
    private final BackOff backOff;
    private final Lanes.Totals totals;
    private final PriorityLine<ActiveMail> line = new PriorityLine<>(
            mail -> mail.priority,
            Comparator.comparingLong((ActiveMail mail) -> mail.arrival).thenComparing(ActiveMail::id));
    private long arrivals;
    private Load held = Load.NONE;
    private int underWay;
    private Standing standing = Standing.NEW;
    /** Until then it leaves others their turn. */
    private Instant notBefore = Instant.MIN;

    private Instant lastUsed;
    private String lastTrouble = "";
    private String lastWord = "";

    /** @param totals of all lanes, to which it adds what it holds */
    Lane(NextHop nextHop, List<String> hosts, Route route, Lanes.Totals totals, Instant now) {
        this.nextHop = nextHop;
        this.totals = totals;
        this.hosts = List.copyOf(hosts);
        this.window = new ConcurrencyWindow(route.concurrency());
        this.backOff = new BackOff(route);
        this.release = new ReleaseRate(route.releaseRate());
        this.lastUsed = now;
    }

    /** The route that led here has changed. */
    void follow(Route route) {
        window.limit(route.concurrency());
        backOff.follow(route);
        release.limit(route.releaseRate());
    }

    List<String> hosts() {
        return hosts;
    }

    /** Ends its rest: the next mail finds out whether it can be reached again. */
    void tryNow() {
        backOff.forgetRest();
    }

    /** Its next hop is not expected to answer. */
    void expectSilence() {
        become(Standing.SILENT);
    }

    Standing standing() {
        return standing;
    }

    private void become(Standing next) {
        totals.subtract(standing, held, underWay);
        totals.add(next, held, underWay);
        standing = next;
    }

    /** Takes a mail out of the line, if it is there. */
    boolean leave(ActiveMail mail) {
        boolean left = line.remove(mail);
        if (left) {
            hold(Load.NONE.minus(mail.load()));
        }
        return left;
    }

    private void hold(Load more) {
        held = held.plus(more);
        totals.add(standing, more, 0);
    }

    /** Mails here, in line and under way. */
    int held() {
        return held.mails();
    }

    /** It leaves others their turn until then. */
    void giveWay(Instant until) {
        notBefore = until;
    }

    /** Whether it may have its turn. */
    boolean hasTurn(Instant now) {
        return !now.isBefore(notBefore) && !backOff.isResting(now);
    }

    /** Whether one more mail may come, given what share of the active set this lane has. */
    boolean accepts(Instant now, int share) {
        if (!hasTurn(now)) {
            return false;
        }
        if (backOff.isUnreachable()) {
            return held() == 0 && share > 0;
        }
        return held() < share;
    }

    void enter(ActiveMail mail, Instant now) {
        mail.arrival = ++arrivals;
        line.add(mail);
        hold(mail.load());
        lastUsed = now;
    }

    /** @param connections how many this lane may use, given how many others do */
    boolean canStart(int connections) {
        int limit = backOff.isUnreachable() ? 1 : Math.min(window.size(), connections);
        return !line.isEmpty() && underWay < limit;
    }

    /** Whether it has mail, and nothing of it is under way. */
    boolean waitsForFirst() {
        return !line.isEmpty() && underWay == 0;
    }

    boolean isEmpty() {
        return line.isEmpty();
    }

    ActiveMail start() {
        underWay++;
        totals.add(standing, Load.NONE, 1);
        ActiveMail next = line.next(any -> true).orElseThrow();
        line.remove(next);
        return next;
    }

    /** The attempt with this mail came back. */
    void finished(ActiveMail mail, AttemptReport report, Instant now) {
        underWay--;
        totals.subtract(standing, Load.NONE, 1);
        hold(Load.NONE.minus(mail.load()));
        lastUsed = now;
        lastWord = report.lastWord();
        if (report.givenUp()) {
            // The hosts may be no worse than slow, and those that answer other attempts at this moment are
            // not even that.
            if (standing == Standing.NEW || (underWay == 0 && !report.reached())) {
                become(Standing.SILENT);
            }
        } else if (report.reached()) {
            window.reached();
            backOff.reached();
            become(Standing.ANSWERING);
            lastTrouble = "";
        } else {
            window.unreachable();
            backOff.unreachable(now);
            become(Standing.SILENT);
            lastTrouble = lastWord;
        }
    }

    /** Empties the line of what has not been started. */
    List<ActiveMail> clear() {
        List<ActiveMail> all = line.stream().toList();
        all.forEach(this::leave);
        return all;
    }

    /** Whether its last attempt reached a host: then it can be trusted to move on. */
    boolean moves() {
        return standing == Standing.ANSWERING;
    }

    /** Whether it counts as unreachable: at most one mail may be on its way to it. */
    boolean isUnreachable() {
        return backOff.isUnreachable();
    }

    /** Whether not even a probe may go to it. */
    boolean isResting(Instant now) {
        return backOff.isResting(now);
    }

    /** Why it takes no mail, for people. */
    String whyNot() {
        return isUnreachable()
                ? nextHop.name() + " cannot be reached: " + lastTrouble
                : "too many mails wait for " + nextHop.name();
    }

    LaneState state(Instant now) {
        return new LaneState(
                nextHop,
                hosts,
                line.size(),
                underWay,
                isUnreachable() ? 1 : window.size(),
                isUnreachable() ? LaneState.Limit.PROBE : window.why(),
                isUnreachable(),
                backOff.isResting(now) ? Optional.of(backOff.until()) : Optional.empty(),
                lastTrouble,
                lastWord,
                lastUsed);
    }

    boolean idleSince(Instant moment) {
        return held() == 0 && lastUsed.isBefore(moment) && !backOff.isResting(moment);
    }
}
