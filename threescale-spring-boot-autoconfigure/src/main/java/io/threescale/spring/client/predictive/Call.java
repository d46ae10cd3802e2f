package io.threescale.spring.client.predictive;

import io.threescale.spring.client.AuthorizationRequest;

/**
 * A call to be decided.
 *
 * @param caller who calls
 * @param request what is asked about
 * @param counts whether the call is counted with its decision, or later when it is done
 */
record Call(Caller caller, AuthorizationRequest request, boolean counts) {
}
