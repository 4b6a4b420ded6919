/**
 * The Guice bindings that join the service to James beyond the mailet.
 *
 * <p>Start reading at {@link org.jamesoutgoing.guice.OutgoingModule}. May use every package of the service; none of them
 * knows this one.
 */
package org.jamesoutgoing.guice;
