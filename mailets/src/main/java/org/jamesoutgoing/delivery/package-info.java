/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The way of a mail from the outgoing queue or the waiting room to its next hop, and what is done with what came of it.
 *
 * <p>In the order in which things happen: {@link org.jamesoutgoing.delivery.Intake} takes mail from James's queue (by its
 * {@code QueueReader}) and from the waiting room; {@link org.jamesoutgoing.delivery.Dispatcher} resolves its route and puts it into the
 * {@link org.jamesoutgoing.delivery.Lane} of its next hop; {@link org.jamesoutgoing.delivery.Attempts} starts what may start;
 * an {@link org.jamesoutgoing.delivery.Attempt} delivers the mail over as many hosts as needed;
 * {@link org.jamesoutgoing.delivery.Settlement} parks what is deferred, tells of what failed, and acknowledges, in this
 * order, whenever {@link org.jamesoutgoing.delivery.SettlementWriter} runs it.
 *
 * <p><b>Fairness.</b> All mail that is being delivered or about to be is the <em>active set</em>, bounded in mails and
 * octets. A lane may hold a share of what is free of it ({@link org.jamesoutgoing.delivery.Shares}), and so may all lanes
 * together whose hosts are silent, or not known: they never take all of it, and when others want a place, the attempt that has
 * waited longest for an answer is given up. What is over the share waits in the waiting room and is taken from there as the lane
 * moves on. A next hop that cannot be reached backs off as a whole and is probed by one mail at a time.
 *
 * <p><b>Threads.</b> The dispatcher's thread owns the lanes and the active set, so these need no locks and must never
 * block. What blocks (queue, repository, spool, reading messages) runs on the service's I/O threads. Connections are
 * driven by Netty. No thread waits for a peer.
 */
package org.jamesoutgoing.delivery;
