/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The mails that are being delivered or about to be. Not thread-safe: the dispatcher's. */
final class ActiveSet {

    private final Shares shares;
    private final Map<String, ActiveMail> mails = new HashMap<>();
    /** How many mails of each destination have been taken from the waiting room and are in no lane yet. */
    private final Map<String, Integer> coming = new HashMap<>();

    private long octets;

    ActiveSet(Shares shares) {
        this.shares = shares;
    }

    void add(ActiveMail mail) {
        mails.put(mail.id(), mail);
        octets += mail.octets;
    }

    void remove(ActiveMail mail) {
        if (mails.remove(mail.id(), mail)) {
            octets -= mail.octets;
        }
        arrived(mail);
    }

    Optional<ActiveMail> find(String id) {
        return Optional.ofNullable(mails.get(id));
    }

    boolean has(String id) {
        return mails.containsKey(id);
    }

    boolean isEmpty() {
        return mails.isEmpty();
    }

    /** How many more mails may become active, beside those that are asked for already. */
    int free(int askedFor) {
        return shares.free(mails.size() + askedFor, octets);
    }

    /** How many mails this lane may hold now. */
    int shareOf(Lane lane) {
        return shares.of(mails.size(), lane.window.size(), lane.moves());
    }

    /** How many mails of a destination that leads to no lane yet may be on their way. */
    int shareOfUnknown() {
        return shares.of(mails.size(), 0, false);
    }

    int coming(String destination) {
        return coming.getOrDefault(destination, 0);
    }

    void expect(String destination) {
        coming.merge(destination, 1, Integer::sum);
    }

    void expectNoLonger(String destination) {
        coming.computeIfPresent(destination, (key, count) -> count > 1 ? count - 1 : null);
    }

    /** The mail is in its lane, or will not come. May be called again. */
    void arrived(ActiveMail mail) {
        if (mail.expected) {
            mail.expected = false;
            expectNoLonger(((MailRecord.Parked) mail.record).waiting().destination());
        }
    }
}
